-- The tables of the limit and of PostGraphile. On SQLite, uuid and date are stored as text.
CREATE TABLE place (
  id uuid PRIMARY KEY NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  country_code text NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  parent_id uuid REFERENCES place (id)
);
CREATE TABLE organization (
  id uuid PRIMARY KEY NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  headquarters_id uuid NOT NULL REFERENCES place (id)
);
CREATE TABLE person (
  id uuid PRIMARY KEY NOT NULL,
  name text NOT NULL
);
CREATE TABLE event (
  id uuid PRIMARY KEY NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  starts_on date NOT NULL,
  place_id uuid NOT NULL REFERENCES place (id)
);
CREATE TABLE article (
  id uuid PRIMARY KEY NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  language text NOT NULL,
  published_on date NOT NULL,
  url text NOT NULL
);
CREATE TABLE event_participant (
  event_id uuid NOT NULL REFERENCES event (id),
  organization_id uuid NOT NULL REFERENCES organization (id),
  role text NOT NULL,
  PRIMARY KEY (event_id, organization_id)
);
CREATE TABLE article_place (
  article_id uuid NOT NULL REFERENCES article (id),
  place_id uuid NOT NULL REFERENCES place (id),
  PRIMARY KEY (article_id, place_id)
);
CREATE TABLE article_organization (
  article_id uuid NOT NULL REFERENCES article (id),
  organization_id uuid NOT NULL REFERENCES organization (id),
  PRIMARY KEY (article_id, organization_id)
);
CREATE TABLE article_event (
  article_id uuid NOT NULL REFERENCES article (id),
  event_id uuid NOT NULL REFERENCES event (id),
  PRIMARY KEY (article_id, event_id)
);
