INSERT INTO article (id, title, body, language, published_on, url) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
RETURNING json_object('data', json_object('article', json_object('id', id, 'title', title)))
