import { z } from 'zod';
import { renderMessages } from '../../flows/render-messages.js';
import {
  answerRecipients,
  assignedSchema,
  exampleRecipients,
  excludedSchema,
  failedSchema,
  recipientSchema,
  waveQuery,
} from './assignments.js';
import type { ApiRoute } from './route.js';

/** Whole messages are a hundred times as long as arms. */
const MAX_RECIPIENTS = 1_000;

const renderedSchema = assignedSchema.omit({ content: true, items: true, send: true }).extend({
  template: z.string().describe('As name@version.'),
  subject: z.string().describe('One line.'),
  html: z.string(),
  text: z.string(),
  links: z.array(z.string()).describe('Addresses on the web that the HTML leads to, in order.'),
  rendered: z
    .enum(['template', 'fallback', 'defaults', 'plain'])
    .describe(
      'What it was rendered from: as meant; the slots of the fallback; as if nothing were known of the recipient; the bare slots.',
    ),
  renderReason: z.string().optional().describe('Why not as meant.'),
});

const withheldSchema = assignedSchema
  .omit({ content: true, items: true, fallbackReason: true })
  .extend({ send: z.literal(false).describe('The strategy chose to send nothing: send nothing.') });

/** One answer: a message, or that none is to be sent, or why the recipient takes no part, or what is wrong with the row. */
export const renderAnswerSchema = z.union([renderedSchema, withheldSchema, excludedSchema, failedSchema]);

const exampleAnswers = [
  {
    id: 'ada@example.com',
    arm: 'question',
    levels: { subject: 'question' },
    messageId: 'm_Jx0vWb3rT1kq7n5sYd2fGh8uLpA.9x',
    decisionId: 'd_R4sTq0mZc2Lw8yB1nVx7kEo5uHf',
    template: 'spring@1',
    subject: 'Ready for spring, Ada?',
    html: '<html><body><p>Hello Ada</p><p><a href="https://shop.example/spring">Look</a></p></body></html>',
    text: 'Hello Ada\n\nLook [https://shop.example/spring]',
    links: ['https://shop.example/spring'],
    delivered: 'strategy',
    rendered: 'template',
  },
  { id: 'bob@example.com', excluded: 'not_in_traffic' },
  {
    index: 2,
    error: { code: 'empty_id', message: 'The recipient id is empty: give the id you send by.', path: 'id' },
  },
];

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

export const renderRoute: ApiRoute = {
  method: 'post',
  path: '/v1/experiments/{key}/render',
  id: 'renderMessages',
  group: 'Assignments',
  summary: 'Ask for finished messages',
  description:
    'Enrols like assignments and renders the message of everybody who takes part, in the order of the recipients. Traits are those of this call and those known by now. ' +
    'A message that cannot be rendered as meant is rendered from its fallback, then from defaults, and counted: it is never an error and never blank. ' +
    `As JSON up to ${MAX_RECIPIENTS.toLocaleString('en')} recipients; as NDJSON, one recipient a line, any number, as with assignments.`,
  scopes: ['sender'],
  query: waveQuery,
  body: {
    'application/json': {
      schema: z.strictObject({ recipients: z.array(recipientSchema).max(MAX_RECIPIENTS) }),
      example: { recipients: exampleRecipients },
    },
    'application/x-ndjson': { schema: recipientSchema, example: lines(exampleRecipients) },
  },
  answers: {
    200: {
      description: 'One answer per recipient. Who is answered a message is enrolled.',
      content: {
        'application/json': {
          schema: z.strictObject({ experiment: z.string(), messages: z.array(renderAnswerSchema) }),
          example: { experiment: 'spring-subject', messages: exampleAnswers },
        },
        'application/x-ndjson': { schema: renderAnswerSchema, example: lines(exampleAnswers) },
      },
    },
  },
  errors: [400, 404, 409, 413, 415, 422],
  handle: (call) => answerRecipients(call, 'messages', renderMessages, MAX_RECIPIENTS),
};
