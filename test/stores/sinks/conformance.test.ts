/** The sinks. */
import { sinkConformance } from "../../conformance/sink.ts";
import { filePlace, readCsv, readJson, readNdjson, readParquet } from "./target.ts";

sinkConformance("json", filePlace("new/folder/out.json", readJson));
sinkConformance("ndjson", filePlace("out.jsonl", readNdjson));
sinkConformance("csv", filePlace("out.csv", readCsv));
sinkConformance("parquet", filePlace("out.parquet", readParquet));
