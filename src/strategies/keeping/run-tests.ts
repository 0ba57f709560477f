import type { Slots } from '../../experiments/experiment.js';
import { decideFor } from '../decide.js';
import type { Decider, Json } from '../strategy.js';
import { profileOfTest, type TableTest } from '../table-test.js';
import { resolveSlots } from '../strategy.js';

/** What came of one test that stands beside the rules. */
export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  /** What must win: id of a rule or leaf, `default`, or null for nothing. */
  readonly expected: string | null;
  readonly actual: string | null;
  /** Slots that were to be looked at and came out otherwise. */
  readonly slots: readonly SlotResult[];
  /** Why the strategy failed to decide at all. */
  readonly problem?: string;
  /** Why it came out so; only of tests that failed. */
  readonly trace?: Json;
}

export interface SlotResult {
  readonly slot: string;
  readonly expected: string;
  /** Absent: nothing was delivered in it. */
  readonly actual?: string;
}

/** A strategy made ready, with the texts of the contents that its tests name. */
export interface Tested {
  readonly decider: Decider;
  readonly slotNames: readonly string[];
  readonly contents: ReadonlyMap<string, string>;
}

/** Decides for the recipient of each test as would be decided in an experiment without fallback. */
export function runTests(tests: readonly TableTest[], tested: Tested): TestResult[] {
  return tests.map((test) => runTest(test, tested));
}

function runTest(test: TableTest, { decider, slotNames, contents }: Tested): TestResult {
  const { profile, clock } = profileOfTest(test);
  const decision = decideFor({ decide: decider.decide, slotNames }, profile, () => [], clock);
  const decided = 'slots' in decision ? decision : undefined;
  const actual = decided ? winnerOf(decided.reason) : null;
  const slots = slotResults(resolveSlots(test.expect.slots ?? {}, contents), decided?.slots ?? {});
  const declined = decided === undefined && decision.reason === 'no rule matched';
  const problem = decided === undefined && !declined ? decision.reason : undefined;
  const passed = problem === undefined && actual === test.expect.rule && slots.length === 0;
  return {
    name: test.name,
    passed,
    expected: test.expect.rule,
    actual,
    slots,
    ...(problem !== undefined && { problem }),
    ...(!passed && { trace: traceOf(decider, profile, clock) }),
  };
}

/** `rule vip` and `leaf vip` are known to tests as `vip`. */
function winnerOf(reason: string): string {
  return reason.replace(/^(rule|leaf) /, '');
}

function slotResults(expected: Slots, actual: Slots): SlotResult[] {
  return Object.entries(expected).flatMap(([slot, wanted]): SlotResult[] => {
    const got = Object.hasOwn(actual, slot) ? actual[slot] : undefined;
    return got === wanted ? [] : [{ slot, expected: wanted, ...(got !== undefined && { actual: got }) }];
  });
}

function traceOf(decider: Decider, profile: Parameters<Decider['trace']>[0], clock: Date): Json {
  try {
    return decider.trace(profile, () => [], clock);
  } catch (error) {
    return { noTrace: error instanceof Error ? error.message : String(error) };
  }
}
