import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
let admin: { cookie: string; csrf: string };
let key: Record<string, string>;

beforeAll(async () => {
  h = await openHarness();
  admin = await h.signIn('admin');
  key = await h.bearer('admin');
});
afterAll(() => h.database.close());

describe('strategies as YAML', () => {
  const yaml = (path: string, text: string, type = 'application/yaml') =>
    request(h.app).post(path).set(key).set('Content-Type', type).send(text);
  const definition = (op: string) => `  kind: rules
  rules:
    - id: regulars
      when: { trait: orders, op: ${op}, value: 3 }
      slots: { subject: Again }
  default: { subject: Spring }
`;
  const json = {
    kind: 'rules',
    rules: [{ id: 'regulars', when: { trait: 'orders', op: 'gte', value: 3 }, slots: { subject: 'Again' } }],
    default: { subject: 'Spring' },
  };

  it('are the same version as the same JSON, and are linted and compared', async () => {
    const made = await yaml('/v1/strategies', `name: as-yaml\ndefinition:\n${definition('gte')}`);
    expect([made.status, made.body.version]).toEqual([201, 1]);
    expect(
      (await request(h.app).post('/v1/strategies').set(key).send({ name: 'as-yaml', definition: json })).body,
    ).toEqual(made.body);
    expect((await yaml('/v1/strategies', `name: as-yaml\ndefinition:\n${definition('gt')}`, 'text/yaml; charset=utf-8')).body.version).toBe(2); // prettier-ignore
    const lint = await yaml('/v1/strategies/lint', `strategy:\n${definition('gte')}`);
    expect(lint.body.findings).toMatchObject([{ code: 'no_owner' }, { code: 'no_purpose' }]);
    const compared = await yaml('/v1/strategies/compare', 'from: as-yaml@1\nto: as-yaml@2\n');
    expect(compared.body.definitions.changed).toHaveLength(1);
  });

  it.each([
    ['a mistake', 422, `name: bad-yaml\ndefinition:\n${definition('gtee')}`, 'line 6, column 34: definition.rules[0].when.op'],
    ['no name', 422, `definition:\n${definition('gte')}`, 'line 1, column 1: name'],
    ['an alias', 422, 'name: &a bad-yaml\ndefinition: { kind: *a }', 'line 1, column 10'],
    ['swelling anchors', 422, 'a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n', 'line 1, column 7'],
    ['a key twice', 422, 'name: bad-yaml\nname: other\n', 'line 2, column 1'],
    ['a tag', 422, 'name: !!js/function "x"\n', 'line 1, column 7'],
    ['nesting', 422, `${'['.repeat(100)}${']'.repeat(100)}`, 'line 1, column 66'],
    ['an open bracket', 422, 'name: [', 'line 1, column 8'],
    ['nothing', 422, '', 'line 1, column 1'],
    ['U+0000', 422, 'name: "\\0"\n', 'name'],
    ['a merge key', 422, 'name: bad-yaml\n<<: { definition: { kind: static } }\n', 'line 1, column 1: definition'],
    ['a prototype', 422, 'name: bad-yaml\n__proto__: { definition: { kind: static } }\n', 'line 1, column 1: definition'],
  ])('are refused with line and column for %s, and change nothing', async (_, status, text, path) => {
    const answer = await yaml('/v1/strategies', text);
    expect([answer.status, answer.body.problems[0]?.path]).toEqual([status, path]);
    expect((await request(h.app).get('/v1/strategies/bad-yaml').set(key)).status).toBe(404);
  }); // prettier-ignore

  it('are refused where they are no text in UTF-8, too large, or of another type', async () => {
    const latin = await yaml('/v1/strategies', 'x').send(Buffer.from('name: caf\xe9', 'latin1') as unknown as string); // prettier-ignore
    expect([latin.status, latin.body.code]).toEqual([400, 'not_utf8']);
    expect((await yaml('/v1/strategies', `name: ${'x'.repeat(4_000_001)}`)).status).toBe(413);
    const slow = await yaml('/v1/strategies', `a: [${'1,'.repeat(130_000)}1]`);
    expect([slow.status, slow.body.code]).toEqual([413, 'yaml_too_large']);
    const many = await yaml(
      '/v1/strategies',
      Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
    );
    expect(many.status).toBe(422);
    expect((await yaml('/v1/strategies', '%\n'.repeat(120_000))).status).toBe(422);
    const other = await yaml('/v1/strategies', 'name: x', 'text/plain');
    expect([other.status, other.body.detail]).toEqual([415, expect.stringContaining('application/yaml')]);
  });

  it('are taken by the form, which says line and column too', async () => {
    const text = definition('lt').replaceAll(/^ {2}/gm, '');
    const made = await h.submit('/strategies', admin, { name: 'by-form', definition: text });
    expect([made.status, made.headers['location']]).toEqual([303, '/strategies/by-form?version=1']);
    const wrong = await h.submit('/strategies', admin, { name: 'by-form', definition: text.replace('lt', 'x') }); // prettier-ignore
    expect([wrong.status, wrong.text.includes('line 4, column 32')]).toEqual([422, true]);
  });
});
