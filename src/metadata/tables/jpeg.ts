/** ITU-T T.81 table B.1 and B.2: frame types and sampling factors. Texts as ExifTool 13.59 ExifTool.pm has them. */
import { type Lookup, lookup } from "./conversion.ts";
import { Tag } from "./row.ts";

/** By start-of-frame marker − 0xc0. */
const encodingProcesses: Lookup = {
  0: "Baseline DCT, Huffman coding",
  1: "Extended sequential DCT, Huffman coding",
  2: "Progressive DCT, Huffman coding",
  3: "Lossless, Huffman coding",
  5: "Sequential DCT, differential Huffman coding",
  6: "Progressive DCT, differential Huffman coding",
  7: "Lossless, Differential Huffman coding",
  9: "Extended sequential DCT, arithmetic coding",
  10: "Progressive DCT, arithmetic coding",
  11: "Lossless, arithmetic coding",
  13: "Sequential DCT, differential arithmetic coding",
  14: "Progressive DCT, differential arithmetic coding",
  15: "Lossless, differential arithmetic coding",
};

/** By how often the luma is sampled for each chroma sample, across and down. */
const chromaSubsampling: Lookup = {
  "1 1": "YCbCr4:4:4 (1 1)",
  "2 1": "YCbCr4:2:2 (2 1)",
  "2 2": "YCbCr4:2:0 (2 2)",
  "4 1": "YCbCr4:1:1 (4 1)",
  "4 2": "YCbCr4:1:0 (4 2)",
  "1 2": "YCbCr4:4:0 (1 2)",
  "1 4": "YCbCr4:4:1 (1 4)",
  "2 4": "YCbCr4:2:1 (2 4)",
};

/** What a frame header says (annex B.2.2). */
export const frame = {
  width: new Tag([0, "ImageWidth"]),
  height: new Tag([0, "ImageHeight"]),
  process: new Tag([0, "EncodingProcess", { print: lookup(encodingProcesses, { hex: true }) }]),
  precision: new Tag([0, "BitsPerSample"]),
  components: new Tag([0, "ColorComponents"]),
  subsampling: new Tag([0, "YCbCrSubSampling", { print: chromaSubsampling }]),
};
