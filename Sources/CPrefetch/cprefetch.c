// Everything is in the header; a target of C needs a file.
#include "cprefetch.h"
