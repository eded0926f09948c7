SELECT json_build_object('data', json_build_object('articles', coalesce(json_agg(x), '[]')))::text FROM (
  SELECT a.id, a.title, a.published_on AS "publishedOn", p.places, o.organizations, e.events
  FROM (SELECT id, title, published_on FROM article WHERE published_on <= $1 ORDER BY published_on DESC, id DESC LIMIT 20) a,
  LATERAL (
    SELECT coalesce(json_agg(y), '[]') places FROM (
      SELECT p.name FROM article_place l JOIN place p ON p.id = l.place_id
      WHERE l.article_id = a.id ORDER BY l.place_id LIMIT 10
    ) y
  ) p,
  LATERAL (
    SELECT coalesce(json_agg(y), '[]') organizations FROM (
      SELECT o.name FROM article_organization l JOIN organization o ON o.id = l.organization_id
      WHERE l.article_id = a.id ORDER BY l.organization_id LIMIT 10
    ) y
  ) o,
  LATERAL (
    SELECT coalesce(json_agg(y), '[]') events FROM (
      SELECT v.title, v.starts_on AS "startsOn", json_build_object('name', p.name) place
      FROM article_event l JOIN event v ON v.id = l.event_id JOIN place p ON p.id = v.place_id
      WHERE l.article_id = a.id ORDER BY l.event_id
    ) y
  ) e
  ORDER BY a.published_on DESC, a.id DESC
) x
