/** The first Node-API version that the database module runs on; below that it crashes the process. */
export const DATABASE_NODE_API = 10;
