SELECT json_object('data', json_object('articles', json_group_array(json_object(
  'id', id, 'title', title, 'publishedOn', published_on
))))
FROM (
  SELECT id, title, published_on FROM article WHERE (published_on, id) < (?1, ?2) ORDER BY published_on DESC, id DESC LIMIT 50
)
