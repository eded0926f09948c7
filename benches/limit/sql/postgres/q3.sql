SELECT json_build_object('data', json_build_object('events', coalesce(json_agg(x), '[]')))::text FROM (
  SELECT v.id, v.title, v.starts_on AS "startsOn", json_build_object('name', pl.name) place, p.participants, a.articles
  FROM (
    SELECT id, title, starts_on, place_id FROM event WHERE starts_on >= $1 AND starts_on <= $2 ORDER BY starts_on, id LIMIT 50
  ) v
  JOIN place pl ON pl.id = v.place_id,
  LATERAL (
    SELECT coalesce(json_agg(y), '[]') participants FROM (
      SELECT l.role, json_build_object('name', o.name) organization
      FROM event_participant l JOIN organization o ON o.id = l.organization_id
      WHERE l.event_id = v.id ORDER BY l.organization_id
    ) y
  ) p,
  LATERAL (
    SELECT coalesce(json_agg(y), '[]') articles FROM (
      SELECT a.title, a.published_on AS "publishedOn" FROM article_event l JOIN article a ON a.id = l.article_id
      WHERE l.event_id = v.id ORDER BY l.article_id LIMIT 3
    ) y
  ) a
  ORDER BY v.starts_on, v.id
) x
