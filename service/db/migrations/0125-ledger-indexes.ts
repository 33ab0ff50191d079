/**
 * What the ledger of enterprises asks of every row, without reading the rows: of the enterprise, and of the figures of a
 * year. Figures: `npm run bench:enterprises`.
 */
export const ledgerIndexes = `
CREATE INDEX enterprise_ledger ON enterprise (code, id, unit, state, in_park, industry_code) WHERE deleted = 0;
CREATE INDEX enterprise_year_ledger ON enterprise_year
  (year, enterprise_id, class, computed_class, scale, tax, land_mu_actual, value_added, energy_tce, employees)
  WHERE deleted = 0;
`
