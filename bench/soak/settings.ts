/** Every number of the soak run can be set by an environment variable of the same name; these are read here only. */
export function setting(name: string, otherwise: number): number {
  const given = process.env[name];
  if (given === undefined || given === '') return otherwise;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number, not ${given}.`);
  return value;
}

/** The server in which scenarios make databases of their own, each of which goes away at the end. */
export const serverUrl = process.env['SOAK_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
