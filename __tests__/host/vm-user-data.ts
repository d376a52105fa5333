import { renderUserData } from "../../host/user-data.ts";

export const VM_VOLUME_ID = "31337";

/** What the virtual machine boots: the template doubles what Terraform would read as its own; Terraform halves it again. */
export const VM_USER_DATA = renderUserData(VM_VOLUME_ID).replaceAll("$${", "${").replaceAll("%%{", "%{");
