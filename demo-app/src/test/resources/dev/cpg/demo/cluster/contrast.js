// Returns what is written with less contrast than the Web Content Accessibility Guidelines
// ask for (4.5), leaving out what is disabled, as they do.

const pixel = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  .getContext('2d', { willReadFrequently: true });

function over(colours) {
  pixel.clearRect(0, 0, 1, 1);
  for (const colour of colours) {
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
  }
  return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(element) {
  const backgrounds = [];
  for (let at = element; at; at = at.parentElement) backgrounds.unshift(getComputedStyle(at).backgroundColor);
  const behind = ['white', ...backgrounds];
  const [dark, light] = [luminance(over(behind)), luminance(over([...behind, getComputedStyle(element).color]))]
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());

return [...document.querySelectorAll('body *')]
  .filter((element) => hasText(element) && element.checkVisibility() && !element.closest(':disabled, [aria-disabled=true]'))
  .map((element) => [contrast(element), element])
  .filter(([ratio]) => ratio < 4.5)
  .map(([ratio, element]) => ratio.toFixed(2) + ' ' + element.className + ' ' + element.textContent.trim());
