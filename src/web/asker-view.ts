import type { FeatureList } from '../flows/list-features.js';
import { shownText } from './shown-text.js';

type Asker = FeatureList['inUse'][number]['askedBy'][number];

/** Who asks for something, as pages show it. */
export function askerView(asker: Asker) {
  const { name, version, purpose, through } = asker;
  return {
    ...{ reference: `${name}@${version}`, through: through.join(', ') },
    ...(purpose !== undefined && { purpose: shownText(purpose, 200) }),
    ...particulars(asker),
  };
}

function particulars(asker: Asker) {
  const { name, version } = asker;
  switch (asker.what) {
    case 'segment':
      return { href: `/segments/${name}`, what: 'segment', title: shownText(asker.title), liveIn: [] };
    case 'template':
      return {
        href: `/templates/${name}@${version}`,
        what: ['template', ...(asker.newest ? ['newest'] : [])].join(', '),
        liveIn: asker.usedBy.map(({ experiment, arms }) => ({
          ...{ key: experiment, arms: `${arms.length === 1 ? 'arm' : 'arms'} ${arms.join(', ')}` },
        })),
      };
    case 'strategy':
      return {
        href: `/strategies/${name}?version=${version}`,
        what: [asker.kind, ...(asker.active ? ['active'] : []), ...(asker.newest ? ['newest'] : [])].join(
          ', ',
        ),
        liveIn: asker.liveIn.map((key) => ({ key, arms: undefined })),
        ...(asker.owner !== undefined && { owner: shownText(asker.owner) }),
      };
  }
}
