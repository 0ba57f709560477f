import { cpus } from 'node:os';
import { withinBudget } from '../../src/flows/within-budget.js';
import { examineTemplate } from '../../src/strategies/templates/examine-template.js';
import { liquidFor } from '../../src/strategies/templates/liquid.js';
import { parseTemplate } from '../../src/strategies/templates/parse-template.js';
import { prepareTemplate } from '../../src/strategies/templates/prepare-template.js';

/**
 * Messages per second, one thread: liquidjs by itself with the settings that we give it, and the way of the service, which
 * makes the context, guards with a timer, looks for blanks and reads every link. Fails above the aim.
 */

const rounds = 15;
const recipients = 1_000;
const aim = 1.3;

const paragraph = `<p style="margin:0 0 16px;font:16px/24px Arial,sans-serif;color:#222">The days are getting longer, and so is our list of things to wear outside. Here is what we have put aside.</p>\n`;
const html = `<!doctype html><html><head><title>Spring</title><style>a { color: #06c } td { padding: 8px }</style></head><body>
<h1>{{ slots.headline }}</h1><p>Hello {{ user.first_name }},</p>
${paragraph.repeat(12)}
{% if user.vip %}<p>Your early access ends on {{ user.ends | date: "%d %B" }}.</p>{% else %}<p>Join the club for early access.</p>{% endif %}
<table>{% for item in items %}<tr><td><img src="{{ item.image }}" alt="{{ item.title }}" width="120"></td><td><a href="{{ item.url }}">{{ item.title }}</a><br>{% if item.price %}{{ item.price }} {{ item.currency }}{% else %}ask us{% endif %}</td></tr>
{% endfor %}</table>
{% if user.city %}<p>See you in {{ user.city | capitalize }}!</p>{% endif %}
<p><a href="https://shop.example/unsubscribe?m={{ message.id }}">Unsubscribe</a></p></body></html>`;
const text = `Hello {{ user.first_name }},\n\n{{ slots.headline }}\n\n{% for item in items %}* {{ item.title }}: {{ item.url }}\n{% endfor %}\nUnsubscribe: https://shop.example/unsubscribe?m={{ message.id }}`;
const subject = '{{ slots.subject }}, {{ user.first_name }}';

const tokens = {
  'user.first_name': { default: 'there' },
  'user.vip': {},
  'user.ends': { default: '2026-04-01' },
  'user.city': {},
};
const parsed = parseTemplate({ engine: 'liquid', subject, html, text, tokens });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { compiled, findings } = examineTemplate(parsed.value, html);
if (!compiled) throw new Error(JSON.stringify(findings));

const inputs = Array.from({ length: recipients }, (_, i) => ({
  slots: { subject: 'Spring is here', headline: 'Lighter days' },
  traits: {
    first_name: i % 3 === 0 ? 'Ada' : `Zoë & ${i}`,
    vip: i % 2 === 0,
    ...(i % 4 === 0 && { city: 'vienna' }),
  },
  items: Array.from({ length: 6 }, (_, n) => ({
    id: `${n}`,
    title: `Item ${i} <${n}>`,
    url: `https://shop.example/${n}`,
    image: `https://shop.example/${n}.jpg`,
    ...(n % 2 === 0 && { price: '19.90', currency: 'EUR' }),
  })),
  messageId: `m_${i}`,
}));

const prepared = prepareTemplate({ engine: 'liquid', tokens, compiled });
const engines = { html: liquidFor('html'), text: liquidFor('text') };
const templates = {
  subject: engines.text.parse(subject),
  html: engines.html.parse(html),
  text: engines.text.parse(text),
};
const contexts = inputs.map(({ slots, traits, items, messageId }) => ({
  slots,
  user: {
    ...traits,
    first_name: traits.first_name,
    ends: '2026-04-01',
    city: 'city' in traits ? traits.city : null,
  },
  items: items.map((item) => ({ price: null, currency: null, ...item })),
  message: { id: messageId },
}));

let characters = 0;
function alone(): void {
  for (const context of contexts) {
    const made = [
      engines.text.renderSync(templates.subject, context),
      engines.html.renderSync(templates.html, context),
      engines.text.renderSync(templates.text, context),
    ];
    characters += String(made[1]).length;
  }
}
function ours(): void {
  withinBudget(
    inputs.length,
    200,
    (i) => {
      const input = inputs[i];
      if (input) characters += prepared.render(input).html.length;
    },
    (i) => {
      throw new Error(`message ${i} was cut off`);
    },
  );
}

const first = inputs[1];
const same = first && prepared.render(first).html === engines.html.renderSync(templates.html, contexts[1]);
if (!same) throw new Error('the two do not render the same');

function seconds(run: () => void): number {
  const from = performance.now();
  run();
  return (performance.now() - from) / 1_000;
}
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

for (let i = 0; i < 3; i += 1) {
  alone();
  ours();
}
const pairs = Array.from({ length: rounds }, (_, i) => {
  // Each goes first in every other round.
  if (i % 2 === 0) return { alone: seconds(alone), ours: seconds(ours) };
  const later = seconds(ours);
  return { alone: seconds(alone), ours: later };
});
const ratio = median(pairs.map((pair) => pair.ours / pair.alone));
console.log('| way | messages/s, median | slowest to fastest round |\n| --- | ---: | ---: |');
for (const [name, key] of [
  ['liquidjs alone', 'alone'],
  ['Postulate', 'ours'],
] as const) {
  const rates = pairs.map((pair) => recipients / pair[key]);
  const show = (rate: number): string => Math.round(rate).toLocaleString('en');
  console.log(
    `| ${name} | ${show(median(rates))} | ${show(Math.min(...rates))} to ${show(Math.max(...rates))} |`,
  );
}
console.log(
  `\n${ratio.toFixed(2)} times the time of liquidjs alone (median of ${rounds} rounds; at most ${aim}); HTML of ${(html.length / 1000).toFixed(1)} KB, subject and text, ${recipients} recipients, one thread, Node ${process.version}, ${cpus()[0]?.model}.`,
);
if (characters === 0 || ratio > aim) process.exitCode = 1;
