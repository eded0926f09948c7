SELECT json_build_object('data', json_build_object('place', (
  SELECT row_to_json(x) FROM (
    SELECT q.name, e.events FROM place q,
    LATERAL (
      SELECT coalesce(json_agg(z), '[]') events FROM (
        SELECT v.title, v.starts_on AS "startsOn", p.participants
        FROM (SELECT id, title, starts_on FROM event WHERE place_id = q.id ORDER BY starts_on, id LIMIT 20) v,
        LATERAL (
          SELECT coalesce(json_agg(y), '[]') participants FROM (
            SELECT json_build_object('name', o.name, 'events', f.events) organization
            FROM event_participant l JOIN organization o ON o.id = l.organization_id,
            LATERAL (
              SELECT coalesce(json_agg(w), '[]') events FROM (
                SELECT g.title, json_build_object('name', h.name) place
                FROM event_participant m JOIN event g ON g.id = m.event_id JOIN place h ON h.id = g.place_id
                WHERE m.organization_id = o.id ORDER BY m.event_id LIMIT 5
              ) w
            ) f
            WHERE l.event_id = v.id ORDER BY l.organization_id
          ) y
        ) p
        ORDER BY v.starts_on, v.id
      ) z
    ) e
    WHERE q.id = $1
  ) x
)))::text
