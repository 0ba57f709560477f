import { evaluateRatings } from '../flows/evaluate-ratings.js';
import { evaluateRecommenders } from '../flows/evaluate-recommenders.js';
import type { CommandIo } from './command.js';
import type { Evaluation } from './evaluate.js';
import { ratingsAsText } from './ratings-as-text.js';
import { recommenderOptions } from './recommender-options.js';
import { recommendersAsText } from './recommenders-as-text.js';
import { showProgress } from './show-progress.js';

const help = `postulate evaluate recommenders FILE: how well ways of recommending do on who did what with which item.

  postulate evaluate recommenders ratings.csv.gz --recipient userId --item movieId --time timestamp \\
      --methods popular,item_knn,user_knn:neighbours=50,als:factors=16

FILE is CSV with a header, gzip or not, one row per interaction; - reads standard input. Ids may be numbers or texts.

Columns
  --recipient COLUMN      who (recipient)
  --item COLUMN           what (item)
  --time COLUMN           when: a number in any unit, or a date such as 2026-03-01 or 2026-03-01T10:00:00Z
  --rating COLUMN         how much; needed for --task rating, else looked at by nobody
  --items FILE            a catalogue; its column with the ids is named as --item, or by --item-id COLUMN
  --item-attributes COLS  columns of it that say what an item is, with commas; values divided by |

How it is measured
  --task TASK             ranking (usual): lists of items; rating: predictions of ratings
  --split SPLIT           last-fifth (usual): the last floor(n/5) of each recipient, by time, then item
                          random-fifth: as many drawn by chance, which flatters
                          time:0.8: everything after the moment at which 80 % have happened
                          FILE: what stands in another file with the same columns
  --k NUMBER              length of the lists (10)
  --methods METHODS       with commas, each NAME or NAME:SETTING=VALUE:…; all kinds as they are when absent
  --against METHOD        the one that the others are compared with (the first)
  --bounds NUMBERS        of the table by how much is known of a recipient: where each cohort begins (1,5,20)
  --history NUMBERS       measures again while only the latest 1, 2, 5 … things of each recipient are shown,
                          as in 1,2,5,10,25: from how many on a method is worth it; needs --time
  --seed TEXT             of everything that is drawn (postulate)
  --seeds NUMBER          how often a method that draws is learned; its figures are means (3)
  --draws NUMBER          of the bootstrap (1000)

How it is read and shown
  --delimiter CHARACTER   comma, semicolon or tab are found out by themselves
  --columns NAMES         FILE (and a FILE of --split) has no header: names of all its columns, in order,
                          with commas, as in --columns user,item,rating,time
  --json                  the same as JSON

Rows that cannot be used are counted and named, the others are used.
Exit code: 0 done, 1 the file could not be used, 2 wrong usage.
`;

export const recommendersEvaluation: Evaluation = {
  summary: 'lists of items or predicted ratings, on who did what',
  help,
  async run(args, io) {
    const { task, question, json } = recommenderOptions(args);
    const progress = showProgress(io.stderr, question.path === '-' ? 'standard input' : question.path);
    const options = {
      stdin: io.stdin,
      signal: io.signal,
      onProgress: progress.update,
      tell: (step: string) => sayStep(io, step),
    };
    const print = <T>(evaluation: T, asText: (evaluation: T) => string): void => {
      sayStep(io, '');
      io.stdout.write(json ? `${JSON.stringify(evaluation, null, 2)}\n` : asText(evaluation));
    };
    if (task === 'rating') print(await evaluateRatings(question, options), ratingsAsText);
    else print(await evaluateRecommenders(question, options), recommendersAsText);
    return 0;
  },
};

/** One line on a terminal, wiped by an empty step; nothing where there is no terminal. */
function sayStep({ stderr }: CommandIo, step: string): void {
  if (stderr.isTTY === true) stderr.write(step === '' ? '\r\x1b[2K' : `\r\x1b[2KMeasuring ${step}`);
}
