SELECT json_object('data', json_object('place', json_object('name', q.name, 'events', json((
  SELECT json_group_array(json_object('title', v.title, 'startsOn', v.starts_on, 'participants', json((
    SELECT json_group_array(json_object('organization', json_object('name', o.name, 'events', json((
      SELECT json_group_array(json_object('title', title, 'place', json_object('name', name))) FROM (
        SELECT g.title, h.name
        FROM event_participant m JOIN event g ON g.id = m.event_id JOIN place h ON h.id = g.place_id
        WHERE m.organization_id = o.id ORDER BY m.event_id LIMIT 5
      )
    )))))
    FROM (SELECT organization_id FROM event_participant WHERE event_id = v.id ORDER BY organization_id) l
    JOIN organization o ON o.id = l.organization_id
  ))))
  FROM (SELECT id, title, starts_on FROM event WHERE place_id = q.id ORDER BY starts_on, id LIMIT 20) v
)))))
FROM place q WHERE q.id = ?1
