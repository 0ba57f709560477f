import { createContext, Script } from 'node:vm';

/** What a strategy has for one recipient. A hundred times what the slowest of them needs. */
export const decisionBudgetMs = 100;

/**
 * Does work piece by piece and goes on without a piece that does not come to its end: not even an endless loop in it can
 * hold up the others. A piece has at least `budgetMs` milliseconds, and a second try by itself, because it may have been the
 * machine that halted. Pieces are plain functions: one that promises something is done when it has promised.
 */
export function withinBudget(
  count: number,
  budgetMs: number,
  piece: (index: number) => void,
  late: (index: number) => void,
): void {
  let next = 0;
  const some = (): void => {
    const until = performance.now() + budgetMs;
    while (next < count && performance.now() < until) {
      piece(next);
      next += 1;
    }
  };
  const one = (): void => piece(next);
  while (next < count) {
    // The time may also run out between two pieces, or after the last.
    if (finishes(some, 2 * budgetMs) || next >= count) continue;
    if (!finishes(one, budgetMs)) late(next);
    next += 1;
  }
}

// A script can be given a time limit and a function cannot: so the script calls the function.
const sandbox = createContext({ run: undefined as (() => void) | undefined });
const call = new Script('run()');

function finishes(run: () => void, timeout: number): boolean {
  sandbox['run'] = run;
  try {
    call.runInContext(sandbox, { timeout });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    sandbox['run'] = undefined;
  }
}
