// Making and filling elements. Text goes in as text, never as markup.

/** An element with attributes, listeners (where the value is a function) and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** Changes a text where it is another one: what is read aloud or selected stays alone otherwise. */
export function say(element, text) {
  const value = String(text);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

/** A cell of a table that becomes a list on a phone, where each value needs its label. */
export function cell(label, kind, ...children) {
  return make('td', { role: 'cell', class: kind || null, 'data-label': label }, ...children);
}

/** A state in words and colour. */
export function chip(element, word, tone) {
  say(element, word);
  element.className = `chip ${tone}`;
}

/** Says once, aloud, what changed. */
export function aloud(text) {
  say(byId('aloud'), text);
}

/**
 * Rows that stay the same elements as long as what they show is there, so that focus and selection stay.
 * A row is made by makeRow(item) and has `elements` and `update(item)`.
 */
export class Rows {
  #rows = new Map();

  constructor(body, keyOf, makeRow) {
    this.body = body;
    this.keyOf = keyOf;
    this.makeRow = makeRow;
  }

  show(items) {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.elements.forEach((element) => element.remove());
        this.#rows.delete(key);
      }
    }
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    let place = this.body.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      const row = this.#rows.get(key) ?? this.makeRow(item);
      this.#rows.set(key, row);
      row.update(item);
      for (const element of row.elements) {
        if (element === place) {
          place = place.nextElementSibling;
        } else {
          this.body.insertBefore(element, place);
        }
      }
    }
    if (focused && focused !== document.activeElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
  }
}
