// Shows the Segmentation of a study over its images in Cornerstone3D, as OHIF does, and lists the
// numbers of its Structured Report; tells the server what it found.
import * as core from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import * as loader from '@cornerstonejs/dicom-image-loader';
import { adaptersSEG } from '@cornerstonejs/adapters';
import dcmjs from 'dcmjs';
import { api } from 'dicomweb-client';

const { Enums: ToolEnums, segmentation, ToolGroupManager } = tools;
const study = new URLSearchParams(location.search).get('study');
const root = location.origin + '/dicom-web';
const client = new api.DICOMwebClient({ url: root });

const value = (item, tag) => item[tag]?.Value?.[0];
const list = x => (x === undefined ? [] : Array.isArray(x) ? x : [x]);
const meaning = item => list(item.ConceptNameCodeSequence)[0]?.CodeMeaning;
const code = item => list(item.ConceptNameCodeSequence)[0]?.CodeValue;

async function seriesOf(sopClass) {
  const found = [];
  for (const instance of await client.searchForInstances({ studyInstanceUID: study })) {
    if (value(instance, '00080016') === sopClass) {
      found.push(instance);
    }
  }
  return found;
}

async function retrieve(sopClass) {
  const instances = await seriesOf(sopClass);
  return client.retrieveInstance({
    studyInstanceUID: study,
    seriesInstanceUID: value(instances[0], '0020000E'),
    sopInstanceUID: value(instances[0], '00080018'),
  });
}

function naturalised(buffer) {
  const file = dcmjs.data.DicomMessage.readFile(buffer);
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(file.dict);
}

/** The numbers of all groups, as OHIF's SR extension walks them. */
function measurements(report) {
  if (code(report) !== '126000') throw new Error('not an Imaging Measurement Report');
  const content = list(report.ContentSequence);
  const library = content.find(i => code(i) === '111028');
  if (!list(library.ContentSequence).some(i => code(i) === '126200')) {
    throw new Error('no Image Library Group');
  }
  const groups = list(content.find(i => code(i) === '126010').ContentSequence).filter(
    i => code(i) === '125007'
  );
  return groups.map(group => {
    const items = list(group.ContentSequence);
    return {
      uid: items.find(i => i.ValueType === 'UIDREF').UID,
      name: items.find(i => code(i) === '112039').TextValue,
      numbers: items
        .filter(i => i.ValueType === 'NUM')
        .map(i => {
          // OHIF reads the children of every number.
          if (list(i.ContentSequence).length === 0) throw new Error('number without children');
          const measured = list(i.MeasuredValueSequence)[0];
          return {
            name: meaning(i),
            value: Number(measured.NumericValue),
            unit: list(measured.MeasurementUnitsCodeSequence)[0].CodeValue,
          };
        }),
    };
  });
}

async function images() {
  const ct = await seriesOf('1.2.840.10008.5.1.4.1.1.2');
  const series = value(ct[0], '0020000E');
  const metadata = await client.retrieveSeriesMetadata({
    studyInstanceUID: study,
    seriesInstanceUID: series,
  });
  metadata.sort((a, b) => a['00200032'].Value[2] - b['00200032'].Value[2]);
  return metadata.map(m => {
    const id = `wadors:${root}/studies/${study}/series/${series}/instances/${value(m, '00080018')}/frames/1`;
    loader.wadors.metaDataManager.add(id, m);
    return id;
  });
}

async function show() {
  await core.init();
  await loader.init({ maxWebWorkers: 1 });
  await tools.init();
  const seen = {};

  const groups = measurements(naturalised(await retrieve('1.2.840.10008.5.1.4.1.1.88.34')));
  seen.groups = groups;
  document.getElementById('list').innerHTML = groups
    .map(
      g =>
        `<h2>${g.name}</h2>` +
        g.numbers.map(n => `<p>${n.name}: ${n.value} ${n.unit}</p>`).join('')
    )
    .join('');

  const surfaces = naturalised(await retrieve('1.2.840.10008.5.1.4.1.1.66.5'));
  seen.surfaces = list(surfaces.SurfaceSequence).map(s => ({
    points: list(s.SurfacePointsSequence)[0].NumberOfSurfacePoints,
    coordinateBytes: list(list(s.SurfacePointsSequence)[0].PointCoordinatesData)[0].byteLength,
    label: s.SurfaceComments,
  }));

  const imageIds = await images();
  const engine = new core.RenderingEngine('engine');
  engine.enableElement({
    viewportId: 'images',
    type: core.Enums.ViewportType.STACK,
    element: document.getElementById('image'),
  });
  const viewport = engine.getViewport('images');
  await viewport.setStack(imageIds, 0);
  await Promise.all(imageIds.map(id => core.imageLoader.loadAndCacheImage(id)));

  const { labelMapImages, segMetadata } = await adaptersSEG.Cornerstone3D.Segmentation
    .createFromDICOMSegBuffer(imageIds, await retrieve('1.2.840.10008.5.1.4.1.1.66.4'), {
      metadataProvider: core.metaData,
    });
  const labelmap = labelMapImages.flat();
  const counts = {};
  let fullest = { slice: 0, kinds: 0, voxels: 0 };
  labelmap.forEach((image, slice) => {
    const kinds = new Set();
    let voxels = 0;
    for (const v of image.voxelManager.getScalarData()) {
      if (v > 0) {
        counts[v] = (counts[v] || 0) + 1;
        kinds.add(v);
        voxels++;
      }
    }
    if (kinds.size > fullest.kinds || (kinds.size === fullest.kinds && voxels > fullest.voxels)) {
      fullest = { slice, kinds: kinds.size, voxels };
    }
  });
  seen.segments = segMetadata.data
    .filter(s => s)
    .map(s => ({ number: Number(s.SegmentNumber), label: s.SegmentLabel, voxels: counts[s.SegmentNumber] || 0 }));

  segmentation.addSegmentations([
    {
      segmentationId: 'seg',
      representation: {
        type: ToolEnums.SegmentationRepresentations.Labelmap,
        data: { imageIds: labelmap.map(i => i.imageId) },
      },
    },
  ]);
  const group = ToolGroupManager.createToolGroup('group');
  group.addViewport('images', 'engine');
  // Without the overlay first: what is brighter or coloured afterwards is the Segmentation.
  await viewport.setImageIdIndex(fullest.slice);
  viewport.setProperties({ voiRange: { lower: -1000, upper: 2000 } });
  viewport.render();
  await new Promise(done => setTimeout(done, 1500));
  seen.colouredBefore = coloured(viewport);
  await segmentation.addLabelmapRepresentationToViewport('images', [{ segmentationId: 'seg' }]);
  // In the colours that the object recommends, as OHIF takes them.
  for (const s of segMetadata.data.filter(s => s)) {
    const rgb = dcmjs.data.Colors.dicomlab2RGB(s.RecommendedDisplayCIELabValue);
    segmentation.config.color.setSegmentIndexColor('images', 'seg', Number(s.SegmentNumber), [
      ...rgb.map(c => Math.round(255 * c)),
      255,
    ]);
  }
  viewport.render();
  await new Promise(done => setTimeout(done, 3000));
  seen.coloured = coloured(viewport);
  seen.hues = hues(viewport);
  seen.slice = fullest.slice;
  return seen;
}

/** How many pixels of the canvas have a colour. */
function coloured(viewport) {
  const canvas = viewport.getCanvas();
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let i = 0; i < data.length; i += 4) {
    const most = Math.max(data[i], data[i + 1], data[i + 2]);
    const least = Math.min(data[i], data[i + 1], data[i + 2]);
    if (most - least > 24) n++;
  }
  return n;
}

/** How many pixels of the canvas are orange, blue and pink. */
function hues(viewport) {
  const canvas = viewport.getCanvas();
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = { orange: 0, blue: 0, pink: 0 };
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (r > g + 12 && g > b + 12) found.orange++;
    else if (b > r + 12 && g > r) found.blue++;
    else if (r > g + 12 && b > g + 12) found.pink++;
  }
  return found;
}

show()
  .catch(e => ({ failure: String(e && e.stack ? e.stack : e) }))
  .then(seen => fetch('/seen', { method: 'POST', body: JSON.stringify(seen) }));
