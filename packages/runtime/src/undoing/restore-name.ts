/** Name of the capability that makes the files equal to a recorded tree: `{tree}`. */
export const restoreName = 'fs.restore';
