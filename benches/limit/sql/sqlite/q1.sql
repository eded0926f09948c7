SELECT json_object('data', json_object('article', json_object(
  'id', id, 'title', title, 'body', body, 'language', language, 'publishedOn', published_on
)))
FROM article WHERE id = ?1
