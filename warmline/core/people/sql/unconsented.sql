-- Which babies under fourteen are written down although no guardian's consent for it stands?
SELECT child.id
FROM people_child AS child
LEFT JOIN LATERAL (
    SELECT consent.granted
    FROM people_consent AS consent
    WHERE consent.child_id = child.id AND consent.purpose = 'record'
    ORDER BY consent.id DESC
    LIMIT 1
) AS latest ON true
WHERE child.frozen_at IS NULL
    AND (child.born_on IS NULL OR child.born_on > %(today)s::date - interval '14 years')
    AND latest.granted IS NOT TRUE
ORDER BY child.id
LIMIT %(limit)s
