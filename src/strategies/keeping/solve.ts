import type { Axes } from './axes.js';
import type { Effort } from './effort.js';
import type { Link } from './linked-axes.js';
import type { Node } from './node.js';

/** A condition and the verdict that is wanted of it. */
export interface Goal {
  readonly node: Node;
  readonly wanted: boolean;
}

/** What must hold of each axis for the goals to be met: 1 for every value of it that may be taken. */
export interface Solution {
  /** By position of the axis; absent: any value will do. */
  readonly allowed: ReadonlyMap<number, Uint8Array>;
  /** The comparisons that lead to it. */
  readonly literals: readonly Literal[];
}

export interface Literal {
  readonly node: Extract<Node, { kind: 'leaf' }>;
  readonly wanted: boolean;
}

export interface Search {
  /** One after the other, each met by another combination of comparisons. */
  readonly solutions: Iterable<Solution>;
  /** After all solutions were taken: whether there is certainly no other. */
  readonly isComplete: () => boolean;
}

interface State {
  /** Still to be met: alternatives, of which one must hold. */
  readonly open: readonly (readonly Goal[])[];
  readonly solution: Solution;
}

const nothing: Solution = { allowed: new Map(), literals: [] };

/** What is known beforehand: the axes, and which of them depend on each other. */
export interface Space {
  readonly axes: Axes;
  readonly links: readonly Link[];
  readonly effort: Effort;
}

/**
 * Looks for values of the axes that give every goal its verdict. Beside the links, axes are taken to have nothing to do with
 * each other. So "no solution" of a complete search is a proof that no recipient meets the goals, while a solution may still
 * be one that no history can have: no purchase at all, and a sum of purchases.
 *
 * @param mostSteps after so many choices the search is given up as incomplete.
 */
export function solve(goals: readonly Goal[], space: Space, mostSteps = 2_000): Search {
  if (space.effort.isSpent) return { solutions: [], isComplete: () => false };
  const solver = new Solver(space, mostSteps);
  const start = solver.meet(goals, { open: [], solution: nothing });
  return { solutions: start ? solver.search(start) : [], isComplete: () => solver.isComplete };
}

/** One search, and how far it has come. */
class Solver {
  isComplete = true;
  readonly #space: Space;
  readonly #mostSteps: number;
  #steps = 0;

  constructor(space: Space, mostSteps: number) {
    this.#space = space;
    this.#mostSteps = mostSteps;
  }

  /** Tries one alternative after the other. */
  *search(state: State): Generator<Solution> {
    const branch = fewest(state.open, state.solution);
    if (branch === undefined) {
      yield state.solution;
      return;
    }
    const { effort, links } = this.#space;
    const open = state.open.filter((other) => other !== branch);
    for (const goal of branch) {
      if (this.#steps >= this.#mostSteps || effort.isSpent) {
        this.isComplete = false;
        return;
      }
      this.#steps += 1;
      effort.spend(links.length + open.length);
      const next = this.meet([goal], { open, solution: state.solution });
      if (next) yield* this.search(next);
    }
  }

  /** Takes on all that follows without a choice; undefined where it contradicts. */
  meet(wanted: readonly Goal[], from: State): State | undefined {
    const pending = [...wanted];
    const open = [...from.open];
    let solution: Solution | undefined = from.solution;
    for (let goal = pending.pop(); goal !== undefined; goal = pending.pop()) {
      const { node } = goal;
      if (node.kind === 'leaf') {
        solution = this.#narrow(solution, { node, wanted: goal.wanted });
        if (solution === undefined) return undefined;
      } else if (node.kind === 'not') pending.push({ node: node.child, wanted: !goal.wanted });
      else {
        const parts = node.children.map((child) => ({ node: child, wanted: goal.wanted }));
        if ((node.kind === 'all') === goal.wanted) pending.push(...parts);
        else open.push(parts);
      }
    }
    return isExcluded(this.#space.links, solution) ? undefined : { open, solution };
  }

  #narrow(solution: Solution, literal: Literal): Solution | undefined {
    const { axes, links, effort } = this.#space;
    const { node } = literal;
    const next = narrow(solution, literal);
    if (next) effort.spend(next.allowed.size + links.length + node.verdicts.length);
    else if (axes[node.axis]?.complete !== true) this.isComplete = false;
    return next;
  }
}

/** The alternatives with the fewest ways to go; those that hold already are none. */
function fewest(open: readonly (readonly Goal[])[], { allowed }: Solution): readonly Goal[] | undefined {
  let best: readonly Goal[] | undefined;
  for (const goals of open) {
    if (goals.some((goal) => holds(goal, allowed))) continue;
    if (best === undefined || goals.length < best.length) best = goals;
  }
  return best;
}

function holds({ node, wanted }: Goal, allowed: Solution['allowed']): boolean {
  if (node.kind !== 'leaf') return false;
  const mask = allowed.get(node.axis);
  return mask !== undefined && mask.every((one, i) => one === 0 || (node.verdicts[i] === 1) === wanted);
}

function isExcluded(links: readonly Link[], { allowed }: Solution): boolean {
  return links.some(({ narrow, wide, excludes }) => {
    const [one, other] = [allowed.get(narrow), allowed.get(wide)];
    return one !== undefined && other !== undefined && excludes(one, other);
  });
}

function narrow({ allowed, literals }: Solution, literal: Literal): Solution | undefined {
  const { node, wanted } = literal;
  const before = allowed.get(node.axis);
  const mask = node.verdicts.map((verdict, i) => ((verdict === 1) === wanted && before?.[i] !== 0 ? 1 : 0));
  if (!mask.includes(1)) return undefined;
  return { allowed: new Map(allowed).set(node.axis, mask), literals: [...literals, literal] };
}
