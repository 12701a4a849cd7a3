/** What the map is made of; see world.mjs. */
declare module 'world' {
  const world: {
    /** Polygons of each country, longitude and latitude in degrees; '' is land without a code. */
    shapes: Record<string, number[][][][]>;
    /** Where countries lie that are too small for their shape to be hit. */
    dots: Record<string, [number, number]>;
  };
  export default world;
}
