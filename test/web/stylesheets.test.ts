import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.js';

const folder = join(packageRoot(), 'public');

test.each(readdirSync(folder).filter((name) => name.endsWith('.css')))(
  'in %s every rule is closed before the next one begins: browsers would take what follows for a part of it',
  (name) => {
    const css = readFileSync(join(folder, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
    const open: string[] = [];
    for (const [, selector = '', brace] of css.matchAll(/([^{};]*)([{}])/g)) {
      if (brace === '}') expect(open.pop()).toBeDefined();
      else {
        const outer = open.filter((one) => !one.startsWith('@'));
        expect([name, selector.trim(), outer]).toEqual([name, selector.trim(), []]);
        open.push(selector.trim());
      }
    }
    expect(open).toEqual([]);
  },
);
