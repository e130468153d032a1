-- The newest row of each image that still exists. Pub/Sub delivers at least once and in any order: the higher generation
-- wins, of one generation its removal, then what was read without error, then the higher metageneration, then the later.
-- A source without generations has only the time.
-- Replace PROJECT.DATASET; `images` is the table that the subscription writes.
CREATE OR REPLACE VIEW `PROJECT.DATASET.latest_images` AS
SELECT * EXCEPT (place)
FROM (
  SELECT
    images.*,
    ROW_NUMBER() OVER (
      PARTITION BY uri
      ORDER BY
        SAFE_CAST(generation AS BIGNUMERIC) DESC NULLS LAST,
        CASE WHEN generation IS NULL THEN publishedAt END DESC,
        deleted DESC,
        errorCode IS NULL DESC,
        SAFE_CAST(metageneration AS BIGNUMERIC) DESC NULLS LAST,
        publishedAt DESC
    ) AS place
  FROM `PROJECT.DATASET.images` AS images
)
WHERE place = 1 AND NOT deleted;
