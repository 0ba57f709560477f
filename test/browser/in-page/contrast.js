/* Runs in the page: texts whose contrast with what is behind them is less than 4.5 to 1. */
(() => {
  const TEXT_NODES = 4;
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = ({ rgb }) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return { rgb: [255, 255, 255], a: 1 };
  };
  const problems = new Set();
  const walker = document.createTreeWalker(document.body, TEXT_NODES);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || ['SCRIPT', 'OPTION'].includes(element.tagName)) continue;
    if (element.getClientRects().length === 0) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) {
      problems.add(
        `${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`,
      );
    }
  }
  return [...problems];
})();
