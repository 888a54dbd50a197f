import { get } from './api.js';

const one = (dataset, tag) => dataset[tag]?.Value?.[0];

/**
 * Reads the surfaces of a Surface Segmentation (PS3.3 A.57) over WADO-RS: each with its side, its
 * kind, its points (LPS mm) and its triangles.
 */
export async function readSurfaces(study, object) {
  const instance = `dicom-web/studies/${study}/series/${object.seriesInstanceUid}/instances/${object.sopInstanceUid}`;
  const [[dataset], values] = await Promise.all([
    get(`${instance}/metadata`, 'application/dicom+json'),
    get(`${instance}/bulkdata`, 'multipart/related; type="application/octet-stream"').then(parts)]);
  const bytes = (element) => (element.InlineBinary
    ? Uint8Array.from(atob(element.InlineBinary), (c) => c.charCodeAt(0)).buffer
    : values.get(element.BulkDataURI));
  const numbers = new Map(dataset['00620002'].Value.map((segment) => [
    one(one(segment, '0066002B') ?? {}, '0066002C'), one(segment, '00620005')]));
  return dataset['00660002'].Value.map((surface) => {
    const label = numbers.get(one(surface, '00660003')) ?? '';
    return {
      side: /left/i.test(label) ? 'left' : 'right',
      kind: /condyle/i.test(label) ? 'condyle' : /temporal/i.test(label) ? 'temporalBone' : 'negativeVolume',
      points: new Float32Array(bytes(one(surface, '00660011')['00660016'])),
      // Points count from 1.
      triangles: new Uint32Array(bytes(one(surface, '00660013')['00660041'])).map((i) => i - 1),
    };
  });
}

/** The parts of a multipart body whose heads say how long they are, by their Content-Location. */
function parts(buffer) {
  const bytes = new Uint8Array(buffer);
  const text = new TextDecoder('ascii');
  const found = new Map();
  for (let at = 0; ;) {
    let end = at;
    while (end < bytes.length && !(bytes[end] === 13 && bytes[end + 1] === 10 && bytes[end + 2] === 13 && bytes[end + 3] === 10)) {
      end++;
    }
    const head = text.decode(bytes.subarray(at, end));
    const [location, length] = ['Location', 'Length'].map((name) => new RegExp(`^Content-${name}: *(\\S+)`, 'im').exec(head)?.[1]);
    if (!length) {
      return found;
    }
    at = end + 4 + Number(length);
    found.set(location, buffer.slice(end + 4, at));
  }
}

/** Where a surface meets the plane on which a coordinate has a value: pairs of points, x, y, z each. */
export function outline({ points, triangles }, axis, mm) {
  const ends = [];
  for (let i = 0; i < triangles.length; i += 3) {
    for (let e = 0; e < 3; e++) {
      const a = 3 * triangles[i + e];
      const b = 3 * triangles[i + ((e + 1) % 3)];
      const above = points[a + axis] - mm;
      const below = points[b + axis] - mm;
      // A point in the plane counts as below it, so that an edge is met once or not at all.
      if (above > 0 !== below > 0) {
        const s = above / (above - below);
        ends.push([0, 1, 2].map((c) => points[a + c] + s * (points[b + c] - points[a + c])));
      }
    }
  }
  return ends;
}
