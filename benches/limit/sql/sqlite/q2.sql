SELECT json_object('data', json_object('articles', json_group_array(json_object(
  'id', a.id, 'title', a.title, 'publishedOn', a.published_on,
  'places', json((
    SELECT json_group_array(json_object('name', name)) FROM (
      SELECT p.name FROM article_place l JOIN place p ON p.id = l.place_id
      WHERE l.article_id = a.id ORDER BY l.place_id LIMIT 10
    )
  )),
  'organizations', json((
    SELECT json_group_array(json_object('name', name)) FROM (
      SELECT o.name FROM article_organization l JOIN organization o ON o.id = l.organization_id
      WHERE l.article_id = a.id ORDER BY l.organization_id LIMIT 10
    )
  )),
  'events', json((
    SELECT json_group_array(json_object('title', title, 'startsOn', starts_on, 'place', json_object('name', name))) FROM (
      SELECT v.title, v.starts_on, p.name
      FROM article_event l JOIN event v ON v.id = l.event_id JOIN place p ON p.id = v.place_id
      WHERE l.article_id = a.id ORDER BY l.event_id
    )
  ))
))))
FROM (SELECT id, title, published_on FROM article WHERE published_on <= ?1 ORDER BY published_on DESC, id DESC LIMIT 20) a
