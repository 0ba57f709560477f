import { scenarios } from './scenarios.js';

/** Runs the scenarios named on the command line, or all; ends with 1 if anything was not as promised. */

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !scenarios.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(', ')}; there are ${scenarios.map((one) => one.name).join(', ')}.`,
  );
  process.exit(2);
}

let failed = 0;
for (const { name, run } of scenarios) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const start = performance.now();
  const seconds = (): string => `${((performance.now() - start) / 1_000).toFixed(1)} s`;
  console.log(`\n== ${name}`);
  try {
    const { violations, figures, skipped } = await run((progress) =>
      console.log(`   ${seconds()}  ${progress}`),
    );
    for (const [what, value] of Object.entries(figures)) console.log(`   ${what}: ${value}`);
    for (const violation of violations) console.log(`   VIOLATION: ${violation}`);
    failed += violations.length;
    const held = violations.length === 0 ? 'held' : 'DID NOT HOLD';
    console.log(
      skipped === undefined ? `-- ${name}: ${held}, ${seconds()}` : `-- ${name}: skipped, ${skipped}`,
    );
  } catch (error) {
    failed += 1;
    console.log(`-- ${name}: FAILED`, error);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
