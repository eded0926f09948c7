-- Created when the rows are there, which is faster.
CREATE INDEX article_published ON article (published_on, id);
CREATE INDEX event_starts ON event (starts_on, id);
CREATE INDEX event_place ON event (place_id, starts_on, id);
CREATE INDEX place_parent ON place (parent_id);
CREATE INDEX organization_hq ON organization (headquarters_id);
CREATE INDEX event_participant_org ON event_participant (organization_id, event_id);
CREATE INDEX article_place_place ON article_place (place_id, article_id);
CREATE INDEX article_organization_org ON article_organization (organization_id, article_id);
CREATE INDEX article_event_event ON article_event (event_id, article_id);
