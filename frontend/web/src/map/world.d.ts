/** Polygons of each country, longitude and latitude in degrees; '' is land without a code. */
declare module 'world' {
  const world: Record<string, number[][][][]>;
  export default world;
}
