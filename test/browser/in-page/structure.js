/* Runs in the page: what a screen reader would stumble over. */
(() => {
  const problems = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const headings = all('h1, h2, h3, h4, h5, h6').map((heading) => Number(heading.tagName[1]));
  if (headings.filter((level) => level === 1).length !== 1) problems.push('not exactly one h1');
  headings.forEach((level, i) => {
    if (i > 0 && level > headings[i - 1] + 1) problems.push(`h${level} follows h${headings[i - 1]}`);
  });
  for (const field of all('input:not([type=hidden]), select, textarea')) {
    const labelled = field.labels.length > 0 || field.hasAttribute('aria-label');
    if (!labelled) problems.push(`no label: ${field.name}`);
  }
  for (const table of all('table')) {
    if (!table.querySelector('caption')) problems.push(`no caption: ${table.className}`);
    for (const cell of table.querySelectorAll('th:not([scope])'))
      problems.push(`no scope: ${cell.textContent}`);
  }
  for (const element of all('button, a[href]')) {
    const name = element.getAttribute('aria-label') ?? element.textContent;
    if (name.trim() === '') problems.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  const ids = all('[id]').map((element) => element.id);
  for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) < i))) problems.push(`twice: #${id}`);
  for (const attribute of ['aria-describedby', 'aria-labelledby']) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) problems.push(`${attribute} names #${id}, which is not there`);
      }
    }
  }
  if (document.documentElement.lang === '') problems.push('no language');
  if (!document.querySelector('main')) problems.push('no main');
  return problems;
})();
