INSERT INTO article (id, title, body, language, published_on, url) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING json_build_object('data', json_build_object('article', json_build_object('id', id, 'title', title)))::text
