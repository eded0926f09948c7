SELECT json_build_object('data', json_build_object('articles', coalesce(json_agg(x), '[]')))::text FROM (
  SELECT id, title, published_on AS "publishedOn" FROM article WHERE (published_on, id) < ($1, $2)
  ORDER BY published_on DESC, id DESC LIMIT 50
) x
