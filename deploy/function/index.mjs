// The function `imagemeta`: each change of an object in a bucket becomes its record. Its options are variables: IMAGEMETA_TO, IMAGEMETA_DEAD_LETTER …
// An .mjs, because to tell what an .js is the framework loads much more at its start.
import { cloudEvent } from "@google-cloud/functions-framework";
import { imagemeta } from "imagemeta/function";

cloudEvent("imagemeta", imagemeta);
