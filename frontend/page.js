// The pages beside the home page: they only remember how the visitor came, for a request sent later.

import { captureVisit } from "./attribution.js";

captureVisit();
