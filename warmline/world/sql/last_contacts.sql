-- When was each family last spoken to?
UPDATE people_household h SET last_contact_at = lately.at
FROM (SELECT household_id, max(at) AS at FROM contacts_contact GROUP BY household_id) AS lately
WHERE h.id = lately.household_id
