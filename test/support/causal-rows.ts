/** 400 recipients; the mail helps the half who like shoes, and never anybody else. */
export const trial = [
  'arm,visit,likes,noise',
  ...Array.from({ length: 400 }, (_, i) => {
    const mail = i % 4 < 2;
    const shoes = i % 3 === 0;
    const visit = mail && shoes ? i % 5 !== 0 : i % 10 < 2;
    return `${mail ? 'mail' : 'none'},${visit ? 'yes' : 'no'},${shoes ? 'shoes' : 'hats'},${(i * 37) % 101}`;
  }),
];

export const options = ['--arm', 'arm', '--treated', 'mail', '--control', 'none', '--outcome', 'visit'];

/** 300 decisions by lot between two mails, of which b is better for the young. */
export const log = [
  'mail,p,visit,age',
  ...Array.from({ length: 300 }, (_, i) => {
    const [b, age] = [i % 2, 20 + ((i * 7) % 50)];
    return `${b === 1 ? 'b' : 'a'},0.5,${(b === 1) === age < 40 && i % 3 > 0 ? 1 : 0},${age}`;
  }),
];
export const decisions = ['--action', 'mail', '--probability', '0.5', '--reward', 'visit'];
