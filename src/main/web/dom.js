import en from './messages/en.json';

/** One bundle a language; what one lacks is said in English. */
const BUNDLES = { en };
const language = navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => BUNDLES[tag]) ?? 'en';
document.documentElement.lang = language;

/** A message by its key, with its gaps filled. */
export function t(key, values = {}) {
  return (BUNDLES[language][key] ?? en[key] ?? key).replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** An element. Text only ever becomes text, so that nothing out of a DICOM object is markup. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A table. Under a heading that says the same, its caption is for screen readers alone. */
export function table(caption, heads, rows, headed = false) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el('table', {},
      el('caption', { class: headed && 'unseen' }, caption),
      el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, rows)));
}

export function state(name) {
  return el('span', { class: `state ${name}` }, t(name));
}

export function when(instant) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));
}

/** A DICOM date for people; what is no date stays as it is. */
export function day(date) {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(date ?? '');
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : date ?? '';
}
