SELECT json_build_object('data', json_build_object('article', (
  SELECT row_to_json(x) FROM (SELECT id, title, body, language, published_on AS "publishedOn" FROM article WHERE id = $1) x
)))::text
