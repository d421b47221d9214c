// Elements of the page. Text that a person typed or the model wrote is only ever set as
// text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = ["svg", "path", "line", "rect", "text", "g", "circle"];

/** Make an element; `children` are elements or text. */
export function make(tag, attributes = {}, ...children) {
  const element = DRAWN.includes(tag)
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
