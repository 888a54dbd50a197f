import { events, get, post } from './api.js';
import { day, el, state, t, table, when } from './dom.js';

const KEY = ['NEGATIVE_VOLUME', 'ANTERIOR_JOINT_SPACE', 'SUPERIOR_JOINT_SPACE', 'POSTERIOR_JOINT_SPACE', 'MEDIAL_JOINT_SPACE',
  'LATERAL_JOINT_SPACE', 'FOSSA_WIDTH', 'FOSSA_DEPTH', 'CONDYLE_WIDTH', 'CONDYLE_VOLUME'];

/** The sides of a healthy head differ by less; the paper's Table 3: S_LR 1.02 to 1.03 healthy, from 1.15 diseased. */
const ASYMMETRIC_PERCENT = 15;
/** Of the published values; about 95 of 100 healthy joints lie within. */
const NORMAL_SDS = 2;

const UNITS = { mm3: 'mm³', mm2: 'mm²', deg: '°', 1: '' };
const number = (m) => (m ? `${m.value.toFixed(Math.abs(m.value) < 100 ? 2 : 0)} ${UNITS[m.unit] ?? m.unit}`.trim() : '–');

/** One study. Returns what ends it. */
export function study(main, uid) {
  document.title = `${t('studies')} – ${t('title')}`;
  const note = el('p', { role: 'status' });
  const body = el('div', {});
  main.append(note, body);
  let open = true;
  let shown = null;
  let view = null;

  async function load() {
    try {
      const [data, visits] = await Promise.all([get(`api/studies/${uid}`), get(`api/studies/${uid}/visits`)]);
      if (!open) {
        return;
      }
      const job = data.series.flatMap((s) => s.jobs).find((j) => j.result && j.state !== 'SUPERSEDED');
      const surface = job?.objects.find((o) => o.kind === 'SURFACE_SEGMENTATION');
      // The 3D view stays as the user turned it while the numbers round it change.
      const kept = shown && surface && shown.uid === surface.sopInstanceUid ? shown : null;
      if (!kept) {
        view?.close();
        view = null;
        shown = surface ? { uid: surface.sopInstanceUid, panel: panel3d(uid, surface) } : null;
      }
      body.replaceChildren(...page(data, visits, shown?.panel));
    } catch (error) {
      note.className = 'bad';
      note.textContent = error.status === 404 ? t('notFound') : t('failed', { why: error.message });
    }
  }

  async function act(button, path) {
    button.disabled = true;
    try {
      await post(path);
      note.className = 'good';
      note.textContent = t('accepted');
      await load();
    } catch (error) {
      note.className = 'bad';
      note.textContent = error.message;
      button.disabled = false;
    }
  }

  function panel3d(study, surface) {
    const place = el('div', {});
    load3d(place, study, surface);
    return place;
  }

  async function load3d(place, study, surface) {
    place.append(el('p', {}, t('loading')));
    try {
      const { surfaces } = await import('./surfaces.js');
      const made = await surfaces(study, surface);
      if (!open) {
        return;
      }
      place.replaceChildren(made.element);
      made.begin();
      view = made;
    } catch (error) {
      place.replaceChildren(el('p', { class: 'bad' }, t('no3D', { why: error.message })));
    }
  }

  function page(data, visits, panel) {
    return [
      el('h1', {}, data.description || t('noName'), ' ', state(data.state)),
      el('p', {}, `${t('patientId')} ${data.patientId || '–'} · ${t('studyDate')} ${day(data.studyDate) || '–'} · ${t('received')} ${when(data.receivedAt)}`),
      el('p', {}, data.sentence),
      ...data.series.map((s) => seriesPart(data, s, panel)),
      visits.length > 1 ? visitsTable(visits) : null,
    ].filter(Boolean);
  }

  function seriesPart(data, series, panel) {
    const job = series.jobs.find((j) => j.state !== 'SUPERSEDED');
    const again = `api/studies/${uid}/series/${series.seriesInstanceUid}/process`;
    return el('section', {},
      el('h2', {}, `${t('series', { number: series.number ?? '' })} ${series.description ?? ''} (${series.modality}, ${series.instances})`),
      job ? el('p', {}, state(job.state), ' ', job.sentence) : null,
      job?.result ? result(data, series, job, panel) : null,
      job && !['RECEIVED', 'PROCESSING'].includes(job.state)
        ? el('button', { type: 'button', onclick: (event) => act(event.target, again) }, t('process')) : null);
  }

  function result(data, series, job, panel) {
    const r = job.result;
    const withSurface = job.objects.some((o) => o.kind === 'SURFACE_SEGMENTATION');
    const flags = [...r.flags, ...(r.joints.left?.flags ?? []), ...(r.joints.right?.flags ?? []), ...(r.symmetry?.flags ?? [])];
    const names = [...new Set(Object.values(r.joints).flatMap((joint) => Object.keys(joint.measures)))];
    return el('div', {},
      el('div', { class: 'columns' },
        el('div', {},
          names.length ? measures(t('keyMeasures'), KEY.filter((n) => names.includes(n)), r) : null,
          r.symmetry ? table(t('symmetry'), [t('measure'), t('value')], Object.values(r.symmetry.measures)
            .map((m) => el('tr', {}, el('td', {}, m.meaning), el('td', { class: 'number' }, number(m))))) : null,
          el('h3', {}, t('quality')),
          flags.length ? el('ul', {}, flags.map((f) => el('li', { class: 'warn' }, f.sentence))) : el('p', { class: 'good' }, t('noFlags'))),
        withSurface && panel ? el('div', {}, el('h3', {}, t('threeD')), panel) : null),
      names.length ? el('details', {}, el('summary', {}, t('allMeasures')), measures(t('allMeasures'), names, r)) : null,
      deliveries(job),
      el('details', {}, el('summary', {}, t('provenance')),
        el('p', {}, t('version', { version: r.pipelineVersion, method: r.methodDefinition })),
        r.models.map((m) => el('p', { class: 'uid' }, t('model', { name: m.name, version: m.version, sha: m.sha256 }))),
        table(t('provenance'), [t('step'), t('seconds')], r.steps.map((s) => el('tr', {},
          el('td', {}, `${s.step}${s.side ? ` ${t(s.side)}` : ''}`), el('td', { class: 'number' }, s.seconds.toFixed(2)))))),
      el('details', {}, el('summary', {}, t('history')), el('ul', {}, series.jobs.flatMap((j) => j.history)
        .map((c) => el('li', {}, `${when(c.at)}: `, state(c.to), ` ${c.sentence}`)))),
      el('details', {}, el('summary', {}, t('picture')), el('img', {
        class: 'result', loading: 'lazy', alt: t('pictureAlt'),
        src: `api/studies/${uid}/series/${series.seriesInstanceUid}/picture.png`,
      })));
  }

  function measures(caption, names, r) {
    return table(caption, [t('measure'), t('left'), t('right'), t('difference'), t('normal')], names.map((name) => {
      const left = r.joints.left?.measures[name];
      const right = r.joints.right?.measures[name];
      const normal = (left ?? right).normal;
      return el('tr', {},
        el('td', {}, (left ?? right).meaning), cell(left), cell(right), difference(left, right),
        el('td', {}, normal ? el('span', { title: normal.source },
          `${normal.mean}${normal.sd ? ` ± ${normal.sd}` : ''} (${normal.dimension})`) : '–'));
    }));
  }

  function cell(m) {
    const normal = m?.normal;
    const judged = m && normal?.sd;
    const outside = judged && Math.abs(m.value - normal.mean) > NORMAL_SDS * normal.sd;
    return el('td', { class: `number ${outside ? 'warn' : ''}`, title: judged ? t(outside ? 'outside' : 'within') : undefined },
      number(m), outside ? el('span', { 'aria-label': t('outside') }, ' ▲') : null);
  }

  function difference(left, right) {
    if (!left || !right) {
      return el('td', { class: 'number' }, '–');
    }
    const mean = (Math.abs(left.value) + Math.abs(right.value)) / 2;
    const percent = mean > 0 ? (100 * (left.value - right.value)) / mean : 0;
    const asymmetric = left.unit !== 'deg' && Math.abs(percent) > ASYMMETRIC_PERCENT;
    return el('td', { class: `number ${asymmetric ? 'warn' : ''}`, title: asymmetric ? t('asymmetric', { percent: ASYMMETRIC_PERCENT }) : undefined },
      left.unit === 'deg' ? number({ ...left, value: left.value - right.value }) : `${percent > 0 ? '+' : ''}${percent.toFixed(0)} %`,
      asymmetric ? el('span', { 'aria-label': t('asymmetric', { percent: ASYMMETRIC_PERCENT }) }, ' ▲') : null);
  }

  function deliveries(job) {
    const waiting = new Set(job.objects.flatMap((o) => o.deliveries).filter((d) => ['FAILED', 'PENDING'].includes(d.state)).map((d) => d.destination));
    return el('div', {},
      table(t('objects'), [t('object'), t('destination'), t('delivery'), t('attempts')], job.objects.flatMap((o) => {
        const link = el('a', { href: `dicom-web/studies/${uid}/series/${o.seriesInstanceUid}/instances/${o.sopInstanceUid}?accept=application/dicom`, download: `${o.sopInstanceUid}.dcm` }, o.kind.toLowerCase().replaceAll('_', ' '));
        return o.deliveries.length === 0
          ? [el('tr', {}, el('td', {}, link), el('td', {}, '–'), el('td', {}), el('td', {}))]
          : o.deliveries.map((d, i) => el('tr', {}, el('td', {}, i === 0 ? link : ''), el('td', {}, d.destination),
            el('td', {}, state(d.state), ` ${d.sentence}`), el('td', { class: 'number' }, String(d.attempts))));
      })),
      el('div', { class: 'row' }, [...waiting].map((destination) => el('button', {
        type: 'button',
        onclick: (event) => act(event.target, `api/studies/${uid}/deliveries/${encodeURIComponent(destination)}/retry`),
      }, t('retry', { destination })))));
  }

  function visitsTable(visits) {
    const of = (visit, side) => visit.result?.joints[side]?.measures.NEGATIVE_VOLUME;
    const symmetry = (visit, name) => visit.result?.symmetry?.measures[name];
    return table(t('visits'), [t('studyDate'), t('state'), `${t('negativeVolume')}, ${t('left')}`, `${t('negativeVolume')}, ${t('right')}`, 'S_LR', 'H_LR'],
      visits.map((v) => el('tr', {},
        el('td', {}, el('a', { href: `#/study/${v.studyInstanceUid}` }, day(v.studyDate) || when(v.receivedAt))),
        el('td', {}, state(v.state)), ...[of(v, 'left'), of(v, 'right'), symmetry(v, 'SYMMETRY_RATIO'), symmetry(v, 'HAUSDORFF_DISTANCE')]
          .map((m) => el('td', { class: 'number' }, number(m))))));
  }

  load();
  const stop = events((summary) => {
    if (summary.studyInstanceUid === uid) {
      load();
    }
  }, () => {});
  return () => {
    open = false;
    stop();
    view?.close();
  };
}
