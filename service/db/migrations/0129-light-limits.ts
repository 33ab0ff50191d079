/** Limits of the lights of 序时进度 as data of the campaign; empty means those of `shared/rules/progress.ts`. */
export const lightLimits = `
ALTER TABLE campaign ADD COLUMN light_green_gap REAL;
ALTER TABLE campaign ADD COLUMN light_yellow_gap REAL;
`
