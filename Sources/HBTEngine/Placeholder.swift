// placeholder, replaced in the first commit of this module
