import { events, get, query } from './api.js';
import { day, el, state, t, table, when } from './dom.js';

const STATES = ['RECEIVED', 'PROCESSING', 'DONE', 'DEGRADED', 'NOT_APPLICABLE', 'FAILED', 'SKIPPED'];

/** The studies, the newest first, as they change. Returns what ends it. */
export function worklist(main) {
  document.title = `${t('worklist')} – ${t('title')}`;
  const rows = new Map();
  const live = el('span', { class: 'faint', role: 'status' });
  const body = el('tbody', {});
  const more = el('button', { type: 'button', hidden: true, onclick: () => load(next) }, t('more'));
  const empty = el('p', { hidden: true }, t('noStudies'));
  const failure = el('p', { class: 'bad', role: 'alert' });
  let next = null;
  let usual = null;

  const choice = el('select', { name: 'state' }, el('option', { value: '' }, t('anyState')),
    STATES.map((name) => el('option', { value: name }, t(name))));
  const patient = el('input', { name: 'patient', autocomplete: 'off' });
  const ae = el('input', { name: 'ae', autocomplete: 'off', maxlength: '16' });
  const from = el('input', { name: 'from', type: 'date' });
  const to = el('input', { name: 'to', type: 'date' });
  const form = el('form', { onsubmit: (event) => { event.preventDefault(); load(null); } },
    el('label', {}, t('state'), choice), el('label', {}, t('patient'), patient), el('label', {}, t('ae'), ae),
    el('label', {}, t('from'), from), el('label', {}, t('to'), to), el('button', {}, t('apply')));

  const wanted = () => ({
    state: choice.value, patient: patient.value, ae: ae.value, from: from.value.replaceAll('-', ''), to: to.value.replaceAll('-', ''),
  });

  function row(summary) {
    return el('tr', { 'data-study': summary.studyInstanceUid },
      el('td', {}, when(summary.receivedAt)), el('td', {}, summary.patientId), el('td', {}, day(summary.studyDate)), el('td', {}, summary.sentBy),
      el('td', {}, el('a', { href: `#/study/${summary.studyInstanceUid}` }, summary.description || t('noName'))),
      el('td', { class: 'number' }, String(summary.instances)),
      el('td', {}, state(summary.state), summary.processingSince ? progress(summary.processingSince) : null),
      el('td', {}, summary.sentence,
        summary.undelivered > 0 ? el('div', { class: 'bad' }, t('undelivered', { n: summary.undelivered })) : null));
  }

  /** How far the work should be, by how long it took lately. */
  function progress(since) {
    const bar = el('progress', { max: '1', 'aria-label': t('progress') });
    const left = el('div', { class: 'faint' });
    const place = el('div', { 'data-since': since }, bar, left);
    tick(place);
    return place;
  }

  function tick(place) {
    const [bar, left] = place.children;
    const seconds = (Date.now() - new Date(place.dataset.since)) / 1000;
    if (usual) {
      bar.value = Math.min(0.97, seconds / usual);
      left.textContent = t(seconds < usual ? 'secondsLeft' : 'secondsOver', { n: Math.ceil(Math.abs(usual - seconds)) });
    } else {
      left.textContent = t('secondsSince', { n: Math.ceil(seconds) });
    }
  }

  async function load(after) {
    try {
      const part = await get(`api/studies/list?${query({ ...wanted(), after, limit: 50 })}`);
      if (!after) {
        rows.clear();
        body.replaceChildren();
      }
      for (const summary of part.studies) {
        const made = row(summary);
        rows.set(summary.studyInstanceUid, made);
        body.append(made);
      }
      next = part.next;
      failure.textContent = '';
    } catch (error) {
      failure.textContent = t('failed', { why: error.message });
    }
    more.hidden = !next;
    empty.hidden = rows.size > 0;
  }

  function changed(summary) {
    const old = rows.get(summary.studyInstanceUid);
    if (old) {
      const made = row(summary);
      const focused = old.contains(document.activeElement);
      old.replaceWith(made);
      rows.set(summary.studyInstanceUid, made);
      if (focused) {
        made.querySelector('a').focus();
      }
    } else if (!Object.values(wanted()).some(Boolean)) {
      const made = row(summary);
      rows.set(summary.studyInstanceUid, made);
      body.prepend(made);
      empty.hidden = true;
    }
  }

  main.append(el('h1', {}, t('studies'), ' ', live), form, failure,
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('studies') }, el('table', { class: 'worklist' },
      el('thead', {}, el('tr', {}, ['received', 'patientId', 'studyDate', 'sentBy', 'description', 'instances', 'state', 'outcome']
        .map((key) => el('th', { scope: 'col' }, t(key))))), body)), empty, more);
  load(null);
  // Without it, the list tells how long the work goes on already.
  get('api/studies/pace').then((pace) => { usual = pace.usualSeconds; }, () => {});
  const clock = setInterval(() => body.querySelectorAll('[data-since]').forEach(tick), 1000);
  const stop = events(changed, (connected) => {
    live.textContent = connected ? t('live') : t('notLive');
  });
  return () => {
    clearInterval(clock);
    stop();
  };
}
