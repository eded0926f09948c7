SELECT json_object('data', json_object('events', json_group_array(json_object(
  'id', v.id, 'title', v.title, 'startsOn', v.starts_on,
  'place', json_object('name', (SELECT name FROM place WHERE id = v.place_id)),
  'participants', json((
    SELECT json_group_array(json_object('role', role, 'organization', json_object('name', name))) FROM (
      SELECT l.role, o.name FROM event_participant l JOIN organization o ON o.id = l.organization_id
      WHERE l.event_id = v.id ORDER BY l.organization_id
    )
  )),
  'articles', json((
    SELECT json_group_array(json_object('title', title, 'publishedOn', published_on)) FROM (
      SELECT a.title, a.published_on FROM article_event l JOIN article a ON a.id = l.article_id
      WHERE l.event_id = v.id ORDER BY l.article_id LIMIT 3
    )
  ))
))))
FROM (
  SELECT id, title, starts_on, place_id FROM event WHERE starts_on >= ?1 AND starts_on <= ?2 ORDER BY starts_on, id LIMIT 50
) v
