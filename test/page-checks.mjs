// What a test asks of the page: these run in the browser.

/** Controls, charts and tables that nothing names. */
export function nameless() {
  return [...document.querySelectorAll('select, input, button, svg, table, section')]
    .filter((element) => {
      const by = element.getAttribute('aria-labelledby');
      return !(
        element.labels?.length ||
        element.getAttribute('aria-label') ||
        (by && document.getElementById(by)) ||
        element.querySelector('caption')?.textContent ||
        (element.tagName === 'BUTTON' && element.textContent)
      );
    })
    .map((element) => element.outerHTML.slice(0, 80));
}

export const pageWidth = () => document.documentElement.scrollWidth;

/** Texts whose colour is too near to what is behind them. */
export function faintTexts() {
  const luminance = (color) => {
    const [r, g, b] = color
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map((part) => {
        const value = Number(part) / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$|transparent/.test(color)) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = [...document.querySelectorAll('body *:not(svg *):not(script):not(style)')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()),
  );
  return texts
    .filter((element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    })
    .map((element) => element.outerHTML.slice(0, 100));
}
